/** Puts the page together: the title bar over GraphiQL for the endpoint the address names. */

import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";
import { Page } from "./page";

const endpoint = location.pathname.startsWith("/metadata") ? "/metadata" : "/graphql";
createRoot(document.getElementById("root")!).render(<Page endpoint={endpoint} />);
