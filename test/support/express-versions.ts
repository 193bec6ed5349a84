/**
 * The supported versions of Express, with the types of the newest one.
 */
import { createRequire } from 'node:module'
import express5 from 'express'

export type Express = typeof express5

const require = createRequire(import.meta.url)
const express4: Express = require('express4')
// its router is overridden in package.json: a newer one shows the patterns of mounts, as that of Express 5.3 does
const express51: Express = require('express-5-1')

export const EXPRESS_VERSIONS: readonly [string, Express][] = [
  ['Express 5', express5],
  ['Express 4', express4],
]

/** For what depends on the router: that of Express 5.0 to 5.2 does not show the patterns of mounts. */
export const ROUTER_VERSIONS: readonly [string, Express][] = [
  ...EXPRESS_VERSIONS,
  ['Express 5.1', express51],
]
