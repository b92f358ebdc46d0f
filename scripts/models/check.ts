// Checks one model and prints what was seen as JSON: node models.mjs list | node models.mjs check FILE ENTRY
import { present } from "../../src/base/assert.js";
import { catalogue } from "./catalogue.js";
import { explainModel } from "./explainModel.js";

const [command, file, name] = process.argv.slice(2);
if (command === "list") console.log(JSON.stringify(catalogue));
else {
  const entry = present(
    catalogue.find((e) => e.file === name),
    "entry",
  );
  console.log(JSON.stringify(await explainModel(present(file, "model file"), entry)));
}
