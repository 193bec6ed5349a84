/**
 * What surfaces may import, too.
 */
export { start } from './refresher.ts'
