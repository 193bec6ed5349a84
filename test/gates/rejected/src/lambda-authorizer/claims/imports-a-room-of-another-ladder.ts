// rejected by ladder
export { parseRouteKey } from '../routes/route-key.ts'
