// rejected by lint/style/noRestrictedImports
export { jwtVerify } from 'jose'
