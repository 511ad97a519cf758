// SPDX-License-Identifier: LGPL-2.1-or-later
// Signer: signs PDFs with PDFBox and Bouncy Castle, as programs of others do.
//
// java -cp ... Signer.java KEYS PASSWORD IN OUT ALIAS...
//
// KEYS is a PKCS #12 file. Each ALIAS signs what the one before it has made. A "," begins another IN.

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Calendar;
import java.util.Collections;

import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

public final class Signer {
    private static byte[] cms(InputStream content, PrivateKey key, X509Certificate certificate)
            throws IOException {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withRSA").build(key);
            generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
                    new JcaDigestCalculatorProviderBuilder().build()).build(signer, certificate));
            generator.addCertificates(new JcaCertStore(Collections.singletonList(certificate)));
            return generator.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static byte[] sign(byte[] pdf, KeyStore keys, String alias, char[] password) throws Exception {
        PrivateKey key = (PrivateKey) keys.getKey(alias, password);
        X509Certificate certificate = (X509Certificate) keys.getCertificate(alias);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PDSignature signature = new PDSignature();
        signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
        signature.setName(alias);
        signature.setSignDate(Calendar.getInstance());
        try (PDDocument document = PDDocument.load(new ByteArrayInputStream(pdf))) {
            document.addSignature(signature, content -> cms(content, key, certificate));
            document.saveIncremental(out);
        }
        return out.toByteArray();
    }

    public static void main(String[] words) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        char[] password = words[1].toCharArray();
        try (FileInputStream in = new FileInputStream(words[0])) {
            keys.load(in, password);
        }
        for (int i = 2; i < words.length; i++) {
            byte[] pdf = Files.readAllBytes(Paths.get(words[i++]));
            String name = words[i++];
            for (; i < words.length && !words[i].equals(","); i++) {
                pdf = sign(pdf, keys, words[i], password);
            }
            Files.write(Paths.get(name), pdf);
        }
    }
}
