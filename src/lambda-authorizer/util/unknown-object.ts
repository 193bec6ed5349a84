/**
 * Helpers for JSON values whose shape is not known yet, for the authorizer.
 */
export {
  isObject,
  isObjectOrList,
  isString,
  toObject,
  type UnknownObject,
} from '../../http-request/unknown-object.ts'
