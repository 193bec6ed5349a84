/**
 * The packed package in small projects of users. The suites run one after the other, and two tests of a suite at once.
 */
import './suites/npm.mjs'
import './suites/node.mjs'
import './suites/typescript.mjs'
import './suites/test-runners.mjs'
import './suites/bundlers.mjs'
