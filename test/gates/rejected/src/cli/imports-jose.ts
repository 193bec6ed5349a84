// rejected by lint/style/noRestrictedImports
export { exportJWK } from 'jose'
