/**
 * Loads the entries as ES modules.
 */
import { useAll } from './uses.cjs'

const load = (name) =>
  name.endsWith('.json') ? import(name, { with: { type: 'json' } }) : import(name)
await useAll(process.argv.slice(2), load)
