// rejected by lint/style/noRestrictedImports
import { createAuthorizer } from '../lambda-authorizer/index.ts'

export const create = createAuthorizer
