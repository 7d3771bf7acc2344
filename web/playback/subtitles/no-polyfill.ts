/** Stands in for a polyfill that none of our browsers needs (see vite.config.ts). */
export {}
