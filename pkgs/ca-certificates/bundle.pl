# Makes of certdata.txt of NSS a bundle in PEM of those certificates that it trusts to vouch for servers.
use strict;
use warnings;
use MIME::Base64;

my (%certificates, %labels, @trusted, %object);

# Objects begin with their class; what identifies a certificate is its issuer and serial number.
sub finish {
	my $key = join ' ', map { unpack 'H*', $object{$_} // '' } qw(CKA_ISSUER CKA_SERIAL_NUMBER);
	if (($object{CKA_CLASS} // '') eq 'CKO_CERTIFICATE') {
		$certificates{$key} = $object{CKA_VALUE};
		$labels{$key} = $object{CKA_LABEL};
	} elsif (($object{CKA_CLASS} // '') eq 'CKO_NSS_TRUST') {
		push @trusted, $key if $object{CKA_TRUST_SERVER_AUTH} eq 'CKT_NSS_TRUSTED_DELEGATOR';
	}
	%object = ();
}

while (<>) {
	next unless /^(CKA_\w+)\s+(\w+)\s*(.*?)\s*$/;
	my ($name, $type, $value) = ($1, $2, $3);
	finish() if $name eq 'CKA_CLASS';
	if ($type eq 'MULTILINE_OCTAL') {
		$value = '';
		while (<>) {
			last if /^END/;
			$value .= join '', map { chr oct } /\\(\d{3})/g;
		}
	}
	$value =~ s/^"(.*)"$/$1/;
	$object{$name} = $value;
}
finish();

my $count = 0;
for my $key (@trusted) {
	die "no certificate for a trust of '$key'\n" unless defined $certificates{$key};
	my $text = encode_base64($certificates{$key}, '');
	$text =~ s/(.{1,64})/$1\n/g;
	print "# $labels{$key}\n-----BEGIN CERTIFICATE-----\n$text-----END CERTIFICATE-----\n";
	$count++;
}
die "only $count certificates\n" if $count < 100;
