// rejected by ladder
export type { AuthorizerGateway } from '../authorizer-events.ts'
