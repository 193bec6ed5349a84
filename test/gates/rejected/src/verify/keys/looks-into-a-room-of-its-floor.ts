// rejected by ladder
export type { ClaimsRule } from '../claims/claims.ts'
