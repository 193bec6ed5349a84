/**
 * Says in plain words why keys could not be fetched, and what to do about it.
 */
import { escapeText } from '../../terminal/escape.ts'
import type { KeysError } from '../../verify/index.ts'
import { EXIT, type ExitCode } from '../command.ts'

/** A cause of the network, by its code, in words. */
const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name does not exist, or there is no DNS here',
  EAI_AGAIN: 'DNS did not answer: no network, or a VPC without a resolver',
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'the connection was closed: a proxy, a firewall, or the server',
  ETIMEDOUT: 'no answer: a firewall, or a VPC without a way out',
  CERT_HAS_EXPIRED: 'the certificate of the server has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the certificate of the server is self-signed: set NODE_EXTRA_CA_CERTS, or "jwks.agent" in code',
  SELF_SIGNED_CERT_IN_CHAIN:
    'a private certificate authority or a proxy that reads TLS: set NODE_EXTRA_CA_CERTS, or "jwks.agent" in code',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the server does not send its whole chain of certificates, or its authority is private: set NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'a private certificate authority: set NODE_EXTRA_CA_CERTS, or "jwks.agent" in code',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
  EPROTO: 'the server does not speak TLS here: is it plain http?',
}

const REASONS: Readonly<Record<string, string>> = {
  timeout: 'no answer in time: a firewall, a proxy, or a VPC without a way out',
  redirect: 'the issuer redirects, which is not followed: set --jwks-uri to the last address',
  not_json: 'the answer is not JSON: is this the issuer, or a page of a login or a proxy?',
  not_a_key_set:
    'the answer is JSON, but has no "keys": --jwks-uri must be the address of the keys',
  too_large: 'the answer is too large, or has too many keys',
  no_usable_key: 'no key of the set can be used',
  issuer_mismatch:
    'the metadata names another "issuer": compare it character by character, with the slash at its end, with --issuer',
  invalid: 'the metadata names an address of keys that is not allowed',
}

/** One line. The causes come from Node or from the network, so they are escaped. */
export function describeKeysError({ code, reason, cause }: KeysError): string {
  const { status, code: found, message } = Object(cause) as Record<string, unknown>
  const words = [
    reason === 'status' ? `HTTP status ${status}` : undefined,
    reason && REASONS[reason],
    reason === 'network' ? describeNetwork(found, message) : undefined,
    reason === 'no_usable_key' && typeof message === 'string' ? escapeText(message) : undefined,
  ].filter((one) => one !== undefined)
  return `${code}: ${words.join('. ') || reason}`
}

function describeNetwork(code: unknown, message: unknown): string {
  const known = typeof code === 'string' && Object.hasOwn(NETWORK, code) ? NETWORK[code] : undefined
  const shown = escapeText(String(code ?? message ?? 'the request failed'))
  return known === undefined ? shown : `${known} (${shown})`
}

/** An outage says nothing about the set-up; an answer that cannot be used does. */
export function exitOf({ code }: KeysError): ExitCode {
  return code === 'ERR_JWKS_INVALID' ? EXIT.refused : EXIT.undecided
}
