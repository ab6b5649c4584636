import locales from "@react-aria/optimize-locales-plugin";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running server. */
const server = "http://127.0.0.1:8080";

export default defineConfig({
  base: "/playground/",
  // Of React Aria's own texts, only those of our two languages.
  plugins: [{ ...locales.vite({ locales: ["zh-CN", "en-GB", "en-US"] }), enforce: "pre" }],
  resolve: { alias: { "react-remove-scroll": "/src/graphiql/no-scroll-lock.tsx" } },
  build: {
    outDir: "dist",
    // `npm run budget` reads what each page loads.
    manifest: "manifest.json",
    target: "es2022",
    // The server's policy allows no inline script and no data: script; keep every asset a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: {
      input: ["index.html", "graphiql.html"],
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
