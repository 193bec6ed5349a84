// rejected by ladder
export { claimsFromEvent } from '../claims/claims-from-event.ts'
