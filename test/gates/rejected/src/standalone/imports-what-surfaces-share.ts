// rejected by lint/style/noRestrictedImports
export { start } from '../verify/adapter-kit.ts'
