/**
 * Allowed in an example: import the package by its name, print, and read the environment.
 */
import { createVerifier } from 'jwt-gate'

const verifier = createVerifier({ issuer: process.env['ISSUER'] ?? '', audience: null })
console.log(await verifier.hydrate())
