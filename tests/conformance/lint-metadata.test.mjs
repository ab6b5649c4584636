import { lint } from "./lint.mjs";

lint("/metadata");
