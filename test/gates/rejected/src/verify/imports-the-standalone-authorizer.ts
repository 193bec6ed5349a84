// rejected by lint/style/noRestrictedImports
export { handler } from '../standalone/handler.ts'
