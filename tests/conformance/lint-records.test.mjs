import { lint } from "./lint.mjs";

lint("/graphql");
