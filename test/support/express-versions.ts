/**
 * Both supported versions of Express, with the types of the newer one.
 */
import { createRequire } from 'node:module'
import express5 from 'express'

export type Express = typeof express5

const express4: Express = createRequire(import.meta.url)('express4')

export const EXPRESS_VERSIONS: readonly [string, Express][] = [
  ['Express 5', express5],
  ['Express 4', express4],
]
