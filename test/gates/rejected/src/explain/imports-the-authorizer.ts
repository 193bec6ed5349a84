// rejected by lint/style/noRestrictedImports
export { createAuthorizer } from '../lambda-authorizer/index.ts'
