// rejected by lint/style/noRestrictedImports
export { requireJwt } from '../express/index.ts'
