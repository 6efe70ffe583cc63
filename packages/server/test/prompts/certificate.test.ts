import { X509Certificate, createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../src/prompts/engine/certificate.ts';

test('a certificate is read by others, and signed by its own key', () => {
  const { pem, keyPem } = makeCertificate();
  const certificate = new X509Certificate(pem);
  expect([certificate.subject, certificate.issuer]).toEqual(['CN=ringline', 'CN=ringline']);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

test('its fingerprint is the one that others find', () => {
  const { pem, fingerprint } = makeCertificate();
  expect(fingerprint).toBe(`sha-256 ${new X509Certificate(pem).fingerprint256}`);
});

test('no two engines have the same', () => {
  const made = Array.from({ length: 20 }, makeCertificate);
  expect(new Set(made.map(({ fingerprint }) => fingerprint)).size).toBe(20);
  for (const { pem } of made) {
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  }
});
