// SPDX-License-Identifier: LGPL-2.1-or-later
// Judge: says by PDFBox and Bouncy Castle what the signatures of PDFs are, one line for each.
//
// java -cp ... Judge.java FILE...
//
// A line has the file, the number of signatures, and for each: its field, whether it holds, whether it
// covers the whole file, whether its widget is on a page, and its name.

import java.io.File;
import java.io.FileInputStream;
import java.util.Collection;

import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.util.Selector;

public final class Judge {
    private static boolean holds(PDSignature signature, File file) throws Exception {
        byte[] contents, signed;
        try (FileInputStream in = new FileInputStream(file)) {
            contents = signature.getContents(in);
        }
        try (FileInputStream in = new FileInputStream(file)) {
            signed = signature.getSignedContent(in);
        }
        CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(signed), contents);
        Collection<SignerInformation> signers = cms.getSignerInfos().getSigners();
        boolean good = !signers.isEmpty();
        for (SignerInformation signer : signers) {
            @SuppressWarnings("unchecked")
            Selector<X509CertificateHolder> id = signer.getSID();
            X509CertificateHolder certificate = cms.getCertificates().getMatches(id).iterator().next();
            good &= signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate));
        }
        return good;
    }

    private static boolean onPage(PDDocument document, PDSignatureField field) throws Exception {
        for (PDPage page : document.getPages()) {
            for (PDAnnotation note : page.getAnnotations()) {
                if (note.getCOSObject() == field.getCOSObject()) {
                    return page.getCOSObject() == note.getCOSObject().getDictionaryObject(COSName.P);
                }
            }
        }
        return false;
    }

    private static String judge(File file) throws Exception {
        StringBuilder line = new StringBuilder(file.getName());
        try (PDDocument document = PDDocument.load(file)) {
            PDAcroForm form = document.getDocumentCatalog().getAcroForm(null);
            line.append(" flags=").append(form.getCOSObject().getInt(COSName.SIG_FLAGS));
            for (PDSignatureField field : document.getSignatureFields()) {
                PDSignature signature = field.getSignature();
                if (signature == null || "By".equals(field.getPartialName())) {
                    continue; // nothing, or what the corpus has made up
                }
                int[] range = signature.getByteRange();
                line.append(" [").append(field.getFullyQualifiedName());
                line.append(holds(signature, file) ? " holds" : " broken");
                line.append(range[2] + range[3] == file.length() ? " all" : " part");
                line.append(onPage(document, field) ? " page" : " nowhere");
                line.append(' ').append(signature.getSubFilter());
                line.append(' ').append(signature.getName()).append(']');
            }
        }
        return line.toString();
    }

    public static void main(String[] files) {
        for (String file : files) {
            try {
                System.out.println(judge(new File(file)));
            } catch (Exception e) {
                System.out.println(file + " " + e);
            }
        }
    }
}
