// rejected by lint/style/noRestrictedImports
export { parseUnverifiedToken } from '../verify/token.ts'
