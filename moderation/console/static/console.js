// Everything the console does beyond plain forms. Without this file each page works the same,
// one page load an act.
import { listenToKeys } from "./keys.js";
import { keepLeases } from "./lease.js";
import { keepDraft } from "./draft.js";
import { walkRows } from "./rows.js";
import { listenToSheet } from "./sheet.js";
import { listenToSwaps } from "./swap.js";
import { runToasts } from "./toasts.js";

function begin() {
  keepLeases();
  keepDraft();
  walkRows();
  runToasts();
}

listenToKeys();
listenToSheet();
listenToSwaps(begin);
begin();
