/**
 * `jwt-gate/explain`: why was a token rejected? For developers.
 */
export type { RefusalExplainer } from '../verify/explain-kit.ts'
export { explain } from './explain.ts'
export { type ExplainerOptions, explainer } from './explainer.ts'
export type { Cause, Check, ExplainOptions, Explanation } from './explanation.ts'
export { type FormatOptions, formatExplanation } from './format.ts'
