// rejected by lint/style/noRestrictedImports
export { LRUCache } from 'lru-cache'
