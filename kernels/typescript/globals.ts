/** What JavaScript, a worker and the sandbox's own helpers define; every other free name is somebody's cell. */
export function isGlobal(name: string): boolean {
  return known.has(name);
}

/** Given to every cell by the sandbox. */
export const helpers = ['table', 'Decimal', 'Timestamp', 'Table'] as const;

const known = new Set(
  `AggregateError Array ArrayBuffer AsyncFunction Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error
  EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array
  Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set
  SharedArrayBuffer String Symbol SyntaxError Temporal TypeError URIError Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly arguments decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape
  AbortController AbortSignal Blob CompressionStream DOMException DecompressionStream Event EventTarget FileReader Headers
  MessageChannel MessagePort ReadableStream Request Response TextDecoder TextEncoder TransformStream URL URLSearchParams
  WritableStream atob btoa clearInterval clearTimeout console crypto fetch importScripts navigator performance postMessage
  queueMicrotask reportError self setInterval setTimeout structuredClone EventSource WebSocket Worker XMLHttpRequest
  BroadcastChannel caches indexedDB close onmessage RTCPeerConnection document window localStorage sessionStorage`
    .split(/\s+/)
    .concat(helpers),
);
