# Opens two TUN interfaces and becomes another program that has them as its last two arguments:
#   perl open-tuns.pl <name> <name> <program> <argument> …
# (Node has no ioctl; Perl is on every Debian.)
use strict;
use warnings;
use Fcntl;

use constant TUNSETIFF => 0x400454ca;
use constant IFF_TUN_NO_PI => 0x1001;

# Descriptors up to this one stay open in the program that follows.
$^F = 255;

my @names = splice @ARGV, 0, 2;
my @devices;
for my $name (@names) {
    sysopen(my $device, '/dev/net/tun', O_RDWR) or die "/dev/net/tun: $!\n";
    my $request = pack 'a16 S x22', $name, IFF_TUN_NO_PI;
    ioctl($device, TUNSETIFF, $request) or die "$name: $!\n";
    push @devices, $device;
}
exec @ARGV, map { fileno $_ } @devices or die "$ARGV[0]: $!\n";
