/**
 * Loads the entries as CommonJS.
 */
const { useAll } = require('./uses.cjs')

void useAll(process.argv.slice(2), require)
