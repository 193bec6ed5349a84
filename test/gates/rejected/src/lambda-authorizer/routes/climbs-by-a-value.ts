// rejected by ladder
export { readStageAccess } from '../access/access-map.ts'
