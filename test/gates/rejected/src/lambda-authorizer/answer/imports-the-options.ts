// rejected by ladder
export type { AuthorizerSettings } from '../authorizer-options.ts'
