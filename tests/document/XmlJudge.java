// SPDX-License-Identifier: LGPL-2.1-or-later
// XmlJudge: what the JDK says of the XML signatures in files.
//
//   java XmlJudge.java FILE...
//
// One line for each file: its name, how many signatures it has, and "valid" if all are. The Ids are
// the attributes Id, ID and id, and a fragment is decoded before it is looked for.
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.X509Certificate;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.Data;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorException;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.URIReference;
import javax.xml.crypto.URIReferenceException;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dom.DOMURIReference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class XmlJudge {
	static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

	// The key of the first certificate, whoever it belongs to.
	static class Certificate extends KeySelector {
		@Override
		public KeySelectorResult select(KeyInfo info, Purpose purpose, AlgorithmMethod method,
				XMLCryptoContext context) throws KeySelectorException {
			for (XMLStructure part : info.getContent())
				for (Object one : ((X509Data) part).getContent())
					if (one instanceof X509Certificate certificate)
						return () -> certificate.getPublicKey();
			throw new KeySelectorException("no certificate");
		}
	}

	// The same reference with another URI.
	record Decoded(DOMURIReference reference, String uri) implements DOMURIReference {
		@Override
		public String getURI() {
			return uri;
		}

		@Override
		public String getType() {
			return reference.getType();
		}

		@Override
		public Node getHere() {
			return reference.getHere();
		}
	}

	static Data dereference(Path folder, URIReference reference, XMLCryptoContext context)
			throws URIReferenceException {
		String uri = URLDecoder.decode(reference.getURI().replace("+", "%2B"),
				StandardCharsets.UTF_8);
		try {
			if (!uri.isEmpty() && !uri.startsWith("#"))
				return new OctetStreamData(new ByteArrayInputStream(
						Files.readAllBytes(folder.resolve(uri))));
		} catch (java.io.IOException exception) {
			throw new URIReferenceException(exception);
		}
		return FACTORY.getURIDereferencer().dereference(
				new Decoded((DOMURIReference) reference, uri), context);
	}

	static void markIds(Element element) {
		for (String name : new String[] {"Id", "ID", "id"})
			if (element.hasAttributeNS(null, name))
				element.setIdAttributeNS(null, name, true);
		for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling())
			if (node instanceof Element child)
				markIds(child);
	}

	static boolean isValid(Path file, Node node) throws Exception {
		DOMValidateContext context = new DOMValidateContext(new Certificate(), node);
		Path folder = file.toAbsolutePath().getParent();

		context.setURIDereferencer((reference, inside) -> dereference(folder, reference, inside));
		return FACTORY.unmarshalXMLSignature(context).validate(context);
	}

	static String judge(Path file) {
		try {
			DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
			factory.setNamespaceAware(true);
			Document document = factory.newDocumentBuilder().parse(file.toFile());
			NodeList found = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
			boolean valid = true;
			markIds(document.getDocumentElement());
			for (int i = 0; i < found.getLength(); i++)
				valid &= isValid(file, found.item(i));
			return found.getLength() + (valid ? " valid" : " invalid");
		} catch (Exception exception) {
			return exception.toString();
		}
	}

	public static void main(String[] files) {
		for (String file : files)
			System.out.println(file + " " + judge(Path.of(file)));
	}
}
