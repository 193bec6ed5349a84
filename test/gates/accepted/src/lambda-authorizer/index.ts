/**
 * The standalone authorizer may import this.
 */
export { handler } from './uses-the-core.ts'
