// The list of cases.
import "../cases/list.js";
import "../cases/choosing.js";
import "../cases/bulk.js";
import "../cases/moving-rows.js";
