// rejected by lint/style/noRestrictedImports
export { getAuth } from '../express/index.ts'
