// rejected by lint/style/noRestrictedImports
import { requireJwt } from '../express/index.ts'

export const guard = requireJwt
