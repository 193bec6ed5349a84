// rejected by lint/style/noRestrictedImports
import { parseUnverifiedToken } from '../../verify/token.ts'

export const parse = parseUnverifiedToken
