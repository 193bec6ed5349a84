/**
 * What the standalone authorizer may import.
 */
export { handler } from './uses-the-core.ts'
