// rejected by lint/style/noRestrictedImports
export { run } from '../cli/run.ts'
