// rejected by lint/style/noRestrictedImports
export { claimsFromEvent } from '../lambda-authorizer/index.ts'
