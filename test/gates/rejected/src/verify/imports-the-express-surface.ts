// rejected by lint/style/noRestrictedImports
import { getAuth } from '../express/index.ts'

export const auth = getAuth
