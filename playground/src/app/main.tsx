/** Starts the console. */

import { createRoot } from "react-dom/client";
import { RouterProvider } from "@tanstack/react-router";
import "../styles/base.css";
import "../ui/theme";
import { currentLang, onElsewhere, subscribe } from "../signin/session";
import { router } from "./routes";

// Another tab has another person: what this one holds is not theirs to see.
onElsewhere(() => location.reload());

const speak = () => {
  document.documentElement.lang = currentLang() === "zh" ? "zh-CN" : "en";
};
subscribe(speak);
speak();

createRoot(document.getElementById("root")!).render(<RouterProvider router={router} />);
