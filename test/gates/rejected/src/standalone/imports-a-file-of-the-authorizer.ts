// rejected by lint/style/noRestrictedImports
export { toPolicyDocument } from '../lambda-authorizer/answer/policy.ts'
