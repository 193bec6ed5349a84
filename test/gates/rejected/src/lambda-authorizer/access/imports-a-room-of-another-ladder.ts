// rejected by ladder
export type { AuthorizerRequest } from '../request/authorizer-request.ts'
