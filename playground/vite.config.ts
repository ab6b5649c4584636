import { defineConfig } from "vite";

/** Where `npm run dev` finds a running server. */
const server = "http://127.0.0.1:8080";

export default defineConfig({
  base: "/playground/",
  resolve: { alias: { "react-remove-scroll": "/src/no-scroll-lock.tsx" } },
  build: {
    outDir: "dist",
    target: "es2022",
    // The server's policy allows no inline script and no data: script; keep every asset a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: {
      // "use client" in libraries means nothing to a page without a React server.
      onLog(level, log, handle) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  server: {
    proxy: { "/auth": server, "/graphql": server, "/metadata": server },
  },
});
