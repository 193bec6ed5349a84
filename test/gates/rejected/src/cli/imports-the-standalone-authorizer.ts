// rejected by lint/style/noRestrictedImports
export { VARIABLES } from '../standalone/variables.ts'
