// rejected by ladder
import type { StageAccess } from '../access/access-map.ts'

export type Access = StageAccess | undefined
